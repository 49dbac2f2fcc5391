// Which kernels are tried: the packages of Debian's suites, by version. A new one is put in here, and `npm run kernels`
// brings the table of docs/kernels.md up to date. A package that its suite has no longer is replaced by the newest of its series.

import type { Arch } from '../../src/setup/dist/arch.js'

export interface Pin {
  /** `6.12`: what a package that replaces this one must begin with; `newest`: the newest that the suite has */
  series: string
  suite: string
  package: string
  version: string
  arch: Arch
}

/** The cloud kernels: smaller, and what a guest needs is built in. */
export const KERNELS: readonly Pin[] = [
  {
    series: '6.1',
    suite: 'bookworm',
    package: 'linux-image-6.1.0-50-cloud-amd64',
    version: '6.1.176-1',
    arch: 'amd64',
  },
  {
    series: '6.12',
    suite: 'trixie',
    package: 'linux-image-6.12.117+deb13-cloud-amd64',
    version: '6.12.117-1',
    arch: 'amd64',
  },
  {
    series: 'newest',
    suite: 'trixie-backports',
    package: 'linux-image-7.3.4+deb13-cloud-amd64',
    version: '7.3.4-1~bpo13+1',
    arch: 'amd64',
  },
  {
    series: '6.1',
    suite: 'bookworm',
    package: 'linux-image-6.1.0-50-cloud-arm64',
    version: '6.1.176-1',
    arch: 'arm64',
  },
  {
    series: '6.12',
    suite: 'trixie',
    package: 'linux-image-6.12.117+deb13-cloud-arm64',
    version: '6.12.117-1',
    arch: 'arm64',
  },
]

/** What guests of another processor run with: Debian's C library, what Node needs, and busybox. */
export const GUEST_LIBRARIES = { suite: 'trixie', packages: ['libc6', 'libstdc++6', 'libgcc-s1', 'busybox-static'] }

/** The Debian releases whose root file systems are tried, with Node's major version. */
export const ROOTS = ['bullseye', 'bookworm'] as const
export const ROOTS_NODE = 20

/** Versions of Node on which ksys is tried: the oldest that is supported, and each line that is maintained. */
export const NODES = ['20.19', '20.20', '22', '24'] as const
