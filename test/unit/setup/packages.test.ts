// The Debian packages that the set-up installs, with a stand-in for apt-get: nothing is installed here.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { root } from '../../helpers/ksys.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-setup-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const SCRIPTS = [
  'src/setup/prepare.sh',
  'src/setup/debian.sh',
  'src/setup/unpacked.sh',
  'test/kernels/packages.sh',
  'src/setup/dist/packages.sh',
]
/** what the scripts themselves use */
const TOOLS = ['env', 'head', 'mkdir', 'mv', 'nproc', 'rm', 'sed', 'tail', 'touch', 'tr']
/** Prints what the simulation of `removes` says, notes what is installed, and downloads if there is the file `network`. */
const APT = `#!/bin/sh
case "$*" in
  *--simulate*) cat "$STAND_IN/removes" 2>/dev/null ;;
  *install*) echo "$*" >>"$STAND_IN/installed" ;;
  *download*)
    cat "$STAND_IN/network" 2>/dev/null || exit 100
    shift 2
    for package; do echo "$package" >"\${package%%=*}.deb"; done ;;
esac
true
`
/** Unpacks a package: a file of its name, with its version. */
const DPKG_DEB = `#!/bin/sh
mkdir -p "$3/usr/bin"
name=\${2##*/}
cat "$2" >"$3/usr/bin/\${name%.deb}"
`

let bin = ''
beforeEach(() => {
  bin = mkdtempSync(join(dir, 'bin-'))
  for (const tool of TOOLS) symlinkSync(`/usr/bin/${tool}`, join(bin, tool))
  symlinkSync('/bin/cat', join(bin, 'cat'))
  program('apt-get', APT)
  program('id', '#!/bin/sh\necho 0\n')
  program('uname', '#!/bin/sh\necho x86_64\n')
})

function program(name: string, text: string): void {
  writeFileSync(join(bin, name), text, { mode: 0o755 })
}

/** Runs a line of shell with the functions of the set-up, where no other programs than these are installed. folder: the variable FOLDER. */
function shell(line: string, folder = '') {
  const sourced = SCRIPTS.map((file) => `. "${root}${file}"`).join('\n')
  const ran = spawnSync('/bin/sh', ['-c', `set -eu\n${sourced}\n${line}`], {
    encoding: 'utf8',
    env: { PATH: bin, STAND_IN: bin, FOLDER: folder },
  })
  const installed = join(bin, 'installed')
  return {
    code: ran.status,
    stderr: ran.stderr,
    installed: existsSync(installed) ? readFileSync(installed, 'utf8') : '',
  }
}

test('installs what is missing, and only that', () => {
  expect(shell("debian_packages ''")).toEqual({ code: 0, stderr: '', installed: '' })
  const { code, installed } = shell("debian_packages ' tmux zsh'")
  expect(code).toBe(0)
  expect(installed).toMatch(/ install .*--no-remove tmux zsh\n$/)
})

test('installs nothing if apt would remove packages of the user for it, and lists them', () => {
  writeFileSync(
    join(bin, 'removes'),
    'Remv gcc-multilib [4:14.2.0-1]\nRemv g++-multilib [4:14.2.0-1] [x:amd64 ]\nInst g++-aarch64-linux-gnu (4:14.2.0-1 Debian [amd64])\n',
  )
  const { code, stderr, installed } = shell("debian_packages ' g++-aarch64-linux-gnu'")
  expect({ code, installed }).toEqual({ code: 1, installed: '' })
  expect(stderr).toContain('apt would remove other packages, so nothing was installed: gcc-multilib g++-multilib\n')
  expect(stderr).toContain('run: apt-get install --no-install-recommends g++-aarch64-linux-gnu\n')
})

test('a build for one processor needs no compiler and no emulator for the other one', () => {
  const forOther = /g\+\+-aarch64-linux-gnu|qemu-user/
  const own = shell('dist_packages amd64').installed
  expect(own).toMatch(/ podman .*lintian/)
  expect(own).not.toMatch(forOther)
  for (const line of ['dist_packages arm64', 'dist_packages amd64 arm64', 'dist_packages']) {
    rmSync(join(bin, 'installed'))
    expect(shell(line).installed).toMatch(/g\+\+-aarch64-linux-gnu qemu-user /)
  }
  program('uname', '#!/bin/sh\necho aarch64\n')
  rmSync(join(bin, 'installed'))
  expect(shell('dist_packages amd64').installed).toMatch(/g\+\+-x86-64-linux-gnu qemu-user /)
})

test('a processor that ksys is not built for is refused before anything is installed', () => {
  const { code, stderr } = shell('check_arches amd64 arm46 || exit $?')
  expect(code).toBe(2)
  expect(stderr).toBe('ksys set-up: unknown processor arm46: ksys is built for amd64 and arm64\n')
})

describe('a user who may not install packages', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(dir, 'a checkout-'))
    program('id', '#!/bin/sh\necho 1000\n')
    program('dpkg-deb', DPKG_DEB)
    program('make', '#!/bin/sh\necho "$UNPACKED $PATH $LD_LIBRARY_PATH" >"$STAND_IN/made"\n')
    writeFileSync(
      join(bin, 'removes'),
      'Inst libzstd1 [1.5.7-1] (1.5.7-2 Debian [amd64])\nInst libllvm19 (1:19.1.7-3 Debian [amd64])\nInst clang (1:19.0-63 Debian [amd64])\n',
    )
  })
  const BUILD = `build_native "$FOLDER"`

  test('builds with the packages unpacked in the checkout, but not with newer versions of what is installed', () => {
    writeFileSync(join(bin, 'network'), '')
    const { code, stderr, installed } = shell(BUILD, folder)
    expect({ code, installed }).toEqual({ code: 0, installed: '' })
    const unpacked = join(folder, '.build/debian')
    expect(readdirSync(join(unpacked, 'usr/bin'))).toEqual(['clang', 'libllvm19'])
    expect(readFileSync(join(unpacked, 'usr/bin/clang'), 'utf8')).toBe('clang=1:19.0-63\n')
    expect(stderr).toContain(`unpacking them in ${unpacked} instead\n`)
    expect(readFileSync(join(bin, 'made'), 'utf8')).toContain(`${unpacked} ${unpacked}/usr/bin:`)
    rmSync(join(bin, 'network'))
    expect(shell(BUILD, folder)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('unpacking') })
  })

  test('is told what to ask the administrator for, if they cannot be downloaded', () => {
    const { code, stderr } = shell(BUILD, folder)
    expect(code).toBe(0)
    expect(stderr).toMatch(/: ask the administrator of this machine to install these packages: g\+\+ clang/)
    expect(existsSync(join(bin, 'made'))).toBe(false)
  })
})
