// Installs leadscore in Pyodide from a package index on this machine, scores one lead, and calls the
// functions of the spreadsheet with arrays of JavaScript, as its programs hand them over.
//
// node pyodide_run.mjs REQUEST.json    prints one line of JSON
// REQUEST: { micropip: wheel file, index: URL of a simple index, model: text, lead: object, sheet: rows }

import { readFile } from "node:fs/promises";
import { loadPyodide } from "pyodide";

const request = JSON.parse(await readFile(process.argv[2], "utf8"));

// What is not on the local index must not be found elsewhere: then the test would prove nothing.
const index = new URL(request.index);
const fetchAnywhere = globalThis.fetch;
globalThis.fetch = (resource, options) => {
  const url = new URL(typeof resource === "string" ? resource : (resource.url ?? resource.href));
  if (url.origin !== index.origin) {
    throw new TypeError(`not on the local index: ${url}`);
  }
  return fetchAnywhere(resource, options);
};

const pyodide = await loadPyodide({ stdout: (line) => console.error(line) });
// Pyodide's npm package is the bare interpreter: micropip comes as the wheel that it is on PyPI.
pyodide.unpackArchive(new Uint8Array(await readFile(request.micropip)), "wheel");
pyodide.globals.set("request_json", JSON.stringify(request));
pyodide.globals.set("sheet", request.sheet);

const answer = await pyodide.runPythonAsync(`
import json
import sys

import micropip

request = json.loads(request_json)
await micropip.install("leadscore", index_urls=[request["index"]])

import leadscore
import leadscore_excel

score = leadscore.loads(request["model"]).score(request["lead"]).score
json.dumps(
    {
        "platform": sys.platform,
        "score": str(score),
        "sheet": leadscore_excel.table(request["model"], sheet),
        "row by row": leadscore_excel.score(request["model"], sheet[0], sheet[1]),
        "installed": sorted(name.lower().replace("_", "-") for name in micropip.list()),
    }
)
`);
console.log(answer);
