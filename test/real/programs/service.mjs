// Serves requests with Fastify in one process, without a port.
import Fastify from "fastify";

const REQUESTS = 4000;

const app = Fastify();

const product = {
  type: "object",
  properties: { id: { type: "integer" }, name: { type: "string" }, price: { type: "number" } },
};

app.get("/products", {
  schema: { response: { 200: { type: "array", items: product } } },
  handler: async () => list(20),
});

app.post("/orders", {
  schema: {
    body: {
      type: "object",
      required: ["products"],
      properties: { products: { type: "array", items: { type: "integer" } } },
    },
  },
  handler: async ({ body }) => ({ total: total(body.products), count: body.products.length }),
});

function list(count) {
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `Product ${id}`,
    price: price(id),
  }));
}

function total(ids) {
  return ids.map((id) => price(id)).reduce((sum, one) => sum + one, 0);
}

function price(id) {
  let value = 100;
  for (let year = 0; year < 200; year++) value = (value * (100 + ((id + year) % 7))) / 103;
  return Math.round(value * 100) / 100;
}

for (let i = 0; i < REQUESTS; i++) {
  const { statusCode } =
    i % 2 === 0
      ? await app.inject("/products")
      : await app.inject({ method: "POST", url: "/orders", payload: { products: [1, 2, i] } });
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
}
await app.close();
