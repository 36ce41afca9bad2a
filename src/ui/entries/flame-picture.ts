import { decodePage } from "../../render/flame/page.js";
import { FlamePicture } from "../flame-picture/picture.js";

const data = document.getElementById("flame-data");
const root = data?.closest("svg");
if (data && root) new FlamePicture(root, decodePage(data.textContent ?? ""));
