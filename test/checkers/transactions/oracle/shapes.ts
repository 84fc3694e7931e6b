/** Textbook anomalies, and histories that come close to one: what random transactions rarely hit. */

import type { TransactionService } from "../../../../histories/transactions.js";

export const shapes: Record<TransactionService, readonly string[]> = {
  "list-append": [
    // long fork; the same with sessions
    "ax1 | ay1 | rx1ry | rxry1",
    "ax1 ; rx1ry | ay1 ; ry1rx",
    // causality broken over one, over two transactions
    "ax1 | rx1ay1 | ry1rx",
    "ax1 | rx1ay1 | ry1az1 | rz1rx",
    // write skew; a read-only transaction that makes a skew
    "rxryax1 | rxryay1",
    "rxryax1 | ryay1 | rxry1",
    "rxay1 | ryaz1 | rzax1",
    // fractured reads, in both orders; a view that is not monotonic
    "ax1ay1 | rx1ry",
    "ax1ay1 | rxry1",
    "ax1ay1 | ry1rxrx1",
    "ax1ay1 | ax2ay2 | rx1ry12 | rx12",
    // updates lost, with and without others between
    "rxax1 | rxax2 | rx12",
    "rx1ax2 | rx1ax3 | ax1",
    "rxax1 | ax2 | rx21",
    "rxrxax1 | ax2ay1 | ry1rx21",
    // dirty writes, circular information flow
    "ax1ay1 | ax2ay2 | rx12ry21",
    "ax1ry1 | ay1rx1",
    "ax1ry1 | ax2ay1 | rx12ry1",
    // snapshots of a prefix: commits in another order than versions
    "az1aw1 | aw2ax1 | ax5rx15rz | rw12",
    "rxay1 | ryaz1ax1 | rz1",
    // stale reads in sessions and in real time
    "p0: ax1 ; p0: rx ; p1: rx1",
    "ax1 ; rx ; rx1",
    "ax1 ; ay1 ; rxry1",
    "p0: ax1 ; p0: ay1 ; rxry1",
    "long p0: rxrz1 | p1: ax1 ; p1: rz ; p2: az1",
    // outcomes nobody knows
    "info ax1ay1 | rx1 | ry",
    "pending ax1ay1 | ax2ry1 | rx12",
    "fail ax1 | info ax2 | ax3 | rx23",
    // reads of part of what one transaction did
    "ax1ax2ay1 | ry1rx1 | rx12",
    "ax1ax2 | rx1ax3 | rx132",
    "ax1ax2 | ax3 | rx213",
    "ax1rx1ax2 | rx12ax3rx123",
  ],
  "rw-register": [
    "wx1 | wy1 | rx1ry_ | rx_ry1",
    "wx1 ; rx1ry_ | wy1 ; ry1rx_",
    "wx1 | rx1wy1 | ry1rx_",
    "wx1 | rx1wy1 | ry1wz1 | rz1rx_",
    "rx_ry_wx1 | rx_ry_wy1",
    "rx_ry_wx1 | ry_wy1 | rx_ry1",
    "rx_wy1 | ry_wz1 | rz_wx1",
    "wx1wy1 | rx1ry_",
    "wx1wy1 | rx_ry1",
    "wx1wy1 | wx2wy2 | rx1ry2",
    "wx1wy1 | wx2wy2 | rx1ry2rx2",
    "rx_wx1 | rx_wx2 | rx1",
    "rx1wx2 | rx1wx3 | wx1",
    "rx_wx1 | wx2 | rx2rx1",
    // blind writes, in every order wrong
    "wx1wy2 | wx2wy1 | rx2ry2",
    "wx1wy2 | wx2wy1 | rx1ry1 | rx2ry2",
    "wx1wy1 | wx2wy2 | wx3wy3 | rx1ry2 | rx2ry3",
    "wx1ry1 | wy1rx1",
    "wx1wz1 | wx2wz2 | rx1rz2",
    "wx1wx2wy1 | ry1rx1 | rx2",
    "rx_wy1 | ry_wz1wx1 | rz1",
    "p0: wx1 ; p0: rx_ ; p1: rx1",
    "wx1 ; rx_ ; rx1",
    "wx1 ; wx2 ; rx1",
    "p0: wx1 ; p0: wx2 ; p1: rx2 ; p1: rx1",
    "long p0: rx_rz1 | p1: wx1 ; p1: rz_ ; p2: wz1",
    "info wx1wy1 | rx1 | ry_",
    "pending wx1wy1 | wx2ry1 | rx1",
    "fail wx1 | info wx2 | wx3 | rx2 | rx3",
    "wx1rx1wx2 | rx2wx3rx3",
    "wx1wx2 | wx3 ; rx2 ; rx3 ; rx2",
  ],
};
