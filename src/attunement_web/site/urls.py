"""Every address of the site: each app names its own, in full."""

from django.urls import include, path

from attunement_web.api.views import v1

urlpatterns = [
    path("", include("attunement_web.site.health")),
    path("", include("attunement_web.shell.urls")),
    path("", include("attunement_web.accounts.urls")),
    path("", include("attunement_web.families.urls")),
    path("", include("attunement_web.diary.urls")),
    path("", include("attunement_web.milestones.urls")),
    path("", include("attunement_web.learning.urls")),
    path("", include("attunement_web.coding.urls")),
    path("", include("attunement_web.today.urls")),
    path("", include("attunement_web.caseload.urls")),
    path("", include("attunement_web.offline.urls")),
    path("", include("attunement_web.api.urls")),
    path("", include("attunement_web.rights.urls")),
    path("api/v1/", v1.api.urls),
]

handler400 = "attunement_web.site.trouble.not_understood"
handler403 = "attunement_web.shell.views.not_yours"
handler404 = "attunement_web.shell.views.not_found"
handler500 = "attunement_web.site.trouble.broken"
