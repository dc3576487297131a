"""What the worker process of `attunement serve` runs: the site, in a process that comes and goes with its parent."""

import atexit
import os
import threading
import time

from attunement_web.site.logs import App, guarded, watch_threads


def begin() -> App:
    """The site, once this process is tied to its parent."""
    from attunement_web.site.wsgi import application

    watch_threads()
    _begin_committing()
    if os.name == "posix":
        os.setpgrp()  # Ctrl-C reaches the parent alone, which then stops us in order
        threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True).start()
    atexit.register(os._exit, 0)  # the server's threads panic when Python winds down around them
    return guarded(application)


def _begin_committing() -> None:
    from attunement_web.api.views.together import committer  # its tables need the site to be set up

    committer.lead_always()


def _leave_with_parent(parent: int) -> None:
    """A parent that was killed cannot stop us; without this the port would stay taken."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
