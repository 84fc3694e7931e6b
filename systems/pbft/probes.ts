/** What a campaign should have made happen now and then. */

export const probes = [
  "a message was not believed",
  "a primary proposed two requests",
  "a request did not match its digest",
  "a request was decided before an earlier one",
  "a request was sent to all replicas",
  "a request waited for the window to move on",
  "replicas answered differently",
  "a replica waited too long for its primary",
  "a replica joined a view change that others had begun",
  "a view was given up before it began",
  "a new view began with earlier requests",
  "a replica that lagged behind took over the state",
  "a replica restarted from a checkpoint",
  "requests were submitted to another leader",
] as const;
