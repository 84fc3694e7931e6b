/** All services, in the order in which they join the network. */

import { linKv } from "./lin-kv.js";
import { linTso } from "./lin-tso.js";
import { lwwKv } from "./lww-kv.js";
import { seqKv } from "./seq-kv.js";
import type { ServiceKind } from "./service.js";

export { attachService, type Service, type ServiceKind } from "./service.js";

export const services: readonly ServiceKind[] = [linKv, seqKv, lwwKv, linTso];
