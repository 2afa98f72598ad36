// JSON Schema (ajv), JSON-LD expansion to RDF (jsonld) and SHACL (rdf-validate-shacl) over files, timed stage by stage.
// Reads a plan on standard input, prints one JSON object. Only benchmarks/node_compare.py calls it.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import jsonld from "jsonld";
import { DataFactory, Parser, Store } from "n3";
import SHACLValidator from "rdf-validate-shacl";

const plan = JSON.parse(readFileSync(0, "utf8"));
const text = (path) => readFileSync(path, "utf8");

// Everything that is worked out once is worked out before the clock starts: schemas compiled, shapes read.
const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
addFormats(ajv);
for (const path of plan.schemas) ajv.addSchema(JSON.parse(text(path)));
const contexts = new Map(Object.entries(plan.contexts).map(([url, path]) => [url, JSON.parse(text(path))]));
const documentLoader = async (url) => {
  if (!contexts.has(url)) throw new Error(`no context ${url}`);
  // "static" lets jsonld keep what it worked out of a context from one credential to the next: without it, it is far slower.
  return { contextUrl: null, documentUrl: url, document: contexts.get(url), tag: "static" };
};
const { namedNode, blankNode, literal, defaultGraph, quad } = DataFactory;
const validators = new Map(Object.entries(plan.shapes).map(([component, paths]) => {
  const shapes = new Store();
  for (const path of paths) shapes.addQuads(new Parser().parse(text(path)));
  return [component, new SHACLValidator(shapes, { maxErrors: 1 })];
}));

const term = (from) => {
  if (from.termType === "NamedNode") return namedNode(from.value);
  if (from.termType === "BlankNode") return blankNode(from.value.replace(/^_:/, ""));
  return literal(from.value, from.language || namedNode(from.datatype.value));
};
const dataset = (quads) => {
  const store = new Store();
  for (const one of quads) store.addQuad(quad(term(one.subject), term(one.predicate), term(one.object), defaultGraph()));
  return store;
};

const stages = { parse: 0, schema: 0, expand: 0, shapes: 0 };
const passed = { schema: 0, expand: 0, shapes: 0 };
const judge = async (file) => {
  let began = performance.now();
  const stage = (name) => { const now = performance.now(); stages[name] += now - began; began = now; };
  const value = JSON.parse(file.body);
  stage("parse");
  const valid = ajv.getSchema(file.schema)(value);
  stage("schema");
  const quads = await jsonld.toRDF(value, { documentLoader });
  stage("expand");
  const report = await validators.get(file.component).validate(dataset(quads));
  stage("shapes");
  passed.schema += valid ? 1 : 0;
  passed.expand += quads.length ? 1 : 0;
  passed.shapes += report.conforms ? 1 : 0;
};

const files = plan.files.map((file) => ({ ...file, body: text(file.path) }));
for (const file of files.slice(0, plan.warm)) await judge(file);
for (const name of Object.keys(stages)) stages[name] = 0;
for (const name of Object.keys(passed)) passed[name] = 0;
const cpu = process.cpuUsage();
const began = performance.now();
for (const file of files) await judge(file);
const wall = performance.now() - began;
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({
  node: process.version, credentials: files.length, wall_ms: wall, cpu_ms: (used.user + used.system) / 1000, stages, passed,
}));
