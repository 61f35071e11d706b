// Makes a JSON text readable: short values on one line, long ones indented, each token in an element of its own.
// Tokens are shown as they came (a long number keeps all its digits), and only as text: no record brings markup in.

const LONGEST = 20_000;
const TOKENS = /"(?:[^"\\]|\\.)*"|[-\d][-+.\deE]*|true|false|null|[{}[\],:]/g;

/** width: how many characters a line has room for. */
export function render(text, width, into) {
  if (/^\s*[{[]/.test(text) && text.length <= LONGEST && isJson(text)) {
    write(tree(text.match(TOKENS)), '', width, into);
  } else {
    into.append(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
  }
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // then it is shown as it is
  }
}

/** A scalar is {text, length}, an object or array {open, close, entries: [[name, value]], length}. The text is valid. */
function tree(tokens) {
  let next = 0;
  const value = () => {
    const text = tokens[next++];
    if (text !== '{' && text !== '[') return { text, length: text.length };
    const node = { open: text, close: text === '{' ? '}' : ']', entries: [], length: 2 };
    while (tokens[next] !== node.close) {
      if (tokens[next] === ',') next += 1;
      let name = null;
      if (text === '{') {
        name = tokens[next];
        next += 2;
      }
      const item = value();
      node.entries.push([name, item]);
      node.length += item.length + (name === null ? 2 : name.length + 4);
    }
    next += 1;
    return node;
  };
  return value();
}

function write(node, indent, width, into) {
  if (!node.entries) {
    token(into, kindOf(node.text), node.text);
    return;
  }
  const long = node.length + indent.length > width && node.entries.length > 0;
  into.append(node.open);
  node.entries.forEach(([name, item], index) => {
    if (index > 0) into.append(long ? ',' : ', ');
    if (long) into.append(`\n${indent}  `);
    if (name !== null) {
      token(into, 'name', name);
      into.append(': ');
    }
    write(item, `${indent}  `, width, into);
  });
  into.append(long ? `\n${indent}${node.close}` : node.close);
}

function kindOf(text) {
  if (text.startsWith('"')) return 'string';
  return /^[tfn]/.test(text) ? 'literal' : 'number';
}

function token(into, kind, text) {
  const element = document.createElement('span');
  element.className = `json-${kind}`;
  element.textContent = text;
  into.append(element);
}
