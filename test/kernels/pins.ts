// Which kernels are tried: the packages of Debian's suites, by version. A new one is put in here, and `npm run kernels`
// brings the README's table up to date. A package that its suite has no longer is replaced by the newest of its series.

export type Arch = 'amd64' | 'arm64'

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

/** The compilers of the BPF object, and where they come from on a machine whose own release has them no longer or not yet. */
export const COMPILERS = {
  'clang-14': {
    suite: 'bookworm',
    packages: [
      ...['clang-14', 'libclang-cpp14', 'libllvm14', 'libclang-common-14-dev', 'libclang1-14'],
      ...['libz3-4', 'libxml2', 'libicu72', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
  'clang-19': {
    suite: 'trixie',
    packages: [
      ...['clang-19', 'libclang-cpp19', 'libllvm19', 'libclang-common-19-dev', 'libclang1-19'],
      ...['libz3-4', 'libxml2', 'libicu76', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
} as const
export type Compiler = keyof typeof COMPILERS

/** What guests of another processor run with: Debian's C library, what Node needs, and busybox. */
export const GUEST_LIBRARIES = { suite: 'trixie', packages: ['libc6', 'libstdc++6', 'libgcc-s1', 'busybox-static'] }

/** What the addon of another processor is built with. */
export const BUILD_LIBRARIES = {
  suite: 'trixie',
  packages: ['libbpf-dev', 'libelf-dev', 'zlib1g-dev', 'libzstd-dev'],
}

/** The Debian releases whose root file systems are tried, with Node's major version. */
export const ROOTS = ['bullseye', 'bookworm'] as const
export const ROOTS_NODE = 20

/** Versions of Node on which ksys is tried: the oldest that is supported, and each line that is maintained. */
export const NODES = ['20.19', '20.20', '22', '24'] as const
