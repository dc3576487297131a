/** Chooses where the family lives: the browser knows it better than the computer that serves the page. */
export function choose(field, zone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
  if ([...field.options].some(({ value }) => value === zone)) field.value = zone;
}

const field = document.querySelector("#id_time_zone");
if (field) choose(field);
