// The tested kernels: the packages of Debian's suites, by version. A new one is added here, and `npm run kernels`
// updates the table of docs/kernels.md. A package that its suite has dropped is replaced by the newest of its series.

import type { Arch } from '../../src/setup/dist/arch.js'

export interface Pin {
  /** `6.12`: the prefix of a package that replaces this one; `newest`: the newest in the suite */
  series: string
  suite: string
  package: string
  version: string
  arch: Arch
}

/** The cloud kernels: smaller, with built-in drivers for guests. */
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

/** Contents of guests of another processor: Debian's C library, the dependencies of Node, and busybox. */
export const GUEST_LIBRARIES = { suite: 'trixie', packages: ['libc6', 'libstdc++6', 'libgcc-s1', 'busybox-static'] }

/** A runtime of containers with its libraries, and Python for them. */
export const CONTAINER_PACKAGES = {
  suite: 'trixie',
  packages: [
    ...['crun', 'libcap2', 'libseccomp2', 'libsystemd0', 'libyajl2'],
    ...['python3-minimal', 'python3.13-minimal', 'libpython3.13-minimal', 'libpython3.13-stdlib'],
    ...['libexpat1', 'zlib1g'],
  ],
}

/** The Debian releases whose root file systems are tested, with Node's major version. */
export const ROOTS = ['bullseye', 'bookworm'] as const
export const ROOTS_NODE = 20

/** Versions of Node with which ksys is tested: the oldest supported one, and each maintained line. */
export const NODES = ['20.19', '20.20', '22', '24'] as const
