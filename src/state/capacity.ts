// How many threads and descriptors are kept of a host, and how many did not fit.

export class Capacity {
  /** threads that were dropped, and descriptors that were not added: state records that are lost */
  lost = 0

  constructor(
    /** most threads: more than Linux allows by default (threads-max); beyond it, exits were probably lost */
    readonly threads = 1 << 18,
    /** most descriptors of a table: Linux' default limit of nr_open */
    readonly descriptors = 1 << 20,
  ) {}
}
