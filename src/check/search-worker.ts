/** What a worker thread of `openSearches` does. */

export { decidePacked as default } from "../../checkers/index.js";
