// A small shop with one slow function: record it with tsprof, and find out which one.
// `node shop.mjs` takes a second or two. `node shop.mjs --index` does the same work faster.

const PRODUCTS = 4000;
const TAGS_PER_PRODUCT = 12;
const VISITORS = 400;
const SHOWN = 10;

const TAGS = Array.from({ length: 400 }, (_, i) => `tag-${i}`);
const products = Array.from({ length: PRODUCTS }, (_, id) => ({
  id,
  name: `Product ${id}`,
  cents: 199 + ((id * 7919) % 9800),
  tags: Array.from({ length: TAGS_PER_PRODUCT }, (_, i) => TAGS[(id * 7 + i * i * 31) % 400]),
}));

/** The hot spot: it compares the tags of one product with those of all others. */
function findRelated(product) {
  const scores = new Map();
  for (const other of products) {
    let shared = 0;
    for (const tag of other.tags) {
      if (product.tags.includes(tag)) shared++;
    }
    if (shared > 0 && other !== product) scores.set(other, shared);
  }
  return best(scores);
}

const productsByTag = new Map(TAGS.map((tag) => [tag, []]));
for (const product of products) {
  for (const tag of product.tags) productsByTag.get(tag).push(product);
}

/** The same with an index: it looks only at products that share a tag. */
function findRelatedByIndex(product) {
  const scores = new Map();
  for (const tag of product.tags) {
    for (const other of productsByTag.get(tag)) {
      if (other !== product) scores.set(other, (scores.get(other) ?? 0) + 1);
    }
  }
  return best(scores);
}

function best(scores) {
  const sorted = [...scores].sort(([a, x], [b, y]) => y - x || a.id - b.id);
  return sorted.slice(0, SHOWN).map(([product]) => product);
}

function renderPage(product, related) {
  const rows = related.map(({ name, cents }) => `<li>${name}: ${(cents / 100).toFixed(2)}</li>`);
  return `<h1>${product.name}</h1><ol>${rows.join("")}</ol>`;
}

function priceCart(product, related) {
  let total = 0;
  for (let count = 1; count <= 20000; count++) {
    const rebate = count > 10 ? 0.9 : 1;
    for (const { cents } of related) total += Math.round((product.cents + cents) * rebate);
  }
  return total;
}

function serveVisitor(number, find) {
  const product = products[(number * 37) % PRODUCTS];
  const related = find(product);
  return { page: renderPage(product, related), total: priceCart(product, related) };
}

function main() {
  const find = process.argv.includes("--index") ? findRelatedByIndex : findRelated;
  let bytes = 0;
  for (let number = 0; number < VISITORS; number++) bytes += serveVisitor(number, find).page.length;
  console.log(`${VISITORS} visitors, ${(bytes / 1000).toFixed(0)} kB of pages`);
}

main();
