// Makes a JSON text readable: short values on one line, long ones indented, each token in an element of its own.
// Only text nodes are made of the data, so that no record can bring markup into the page.

const LINE = 76;
const LONGEST = 20_000;

export function render(text, into) {
  let value;
  try {
    value = text.length > LONGEST ? undefined : JSON.parse(text);
  } catch {
    value = undefined; // not JSON: shown as it is
  }
  if (value === undefined || value === null || typeof value !== 'object') {
    into.append(text.slice(0, LONGEST));
    return;
  }
  write(value, '', into);
}

function write(value, indent, into) {
  if (value === null || typeof value !== 'object') {
    token(into, value === null ? 'null' : typeof value, JSON.stringify(value));
    return;
  }
  const list = Array.isArray(value);
  const entries = list ? value.map((item) => [null, item]) : Object.entries(value);
  const long = JSON.stringify(value).length + indent.length > LINE;
  const inner = `${indent}  `;
  into.append(list ? '[' : '{');
  entries.forEach(([name, item], index) => {
    if (index > 0) into.append(long ? ',' : ', ');
    if (long) into.append(`\n${inner}`);
    if (name !== null) {
      token(into, 'name', JSON.stringify(name));
      into.append(': ');
    }
    write(item, inner, into);
  });
  if (long && entries.length > 0) into.append(`\n${indent}`);
  into.append(list ? ']' : '}');
}

function token(into, kind, text) {
  const element = document.createElement('span');
  element.className = `json-${kind}`;
  element.textContent = text;
  into.append(element);
}
