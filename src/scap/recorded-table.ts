// Events as they were recorded before a call became one record: the enter events, and the exit events of older
// versions.
// Each line contains: code, name, category, then the parameters as name:type/format/table@dirfd. Empty parts are
// omitted.

/** Enter events, and exit events that were replaced by a newer version. */
export const RECORDED = `
0 syscall other ID:syscallid/dec nativeID:uint16/dec
2 open file name:fspath flags:flags32/hex/file_flags mode:uint32/oct
4 close io_other fd:fd/dec
6 read io_read fd:fd/dec size:uint32/dec
8 write io_write fd:fd/dec size:uint32/dec
10 brk memory size:uint32/dec
11 brk memory res:uint64/hex
12 execve process
13 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec
14 clone process
15 clone process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
16 procexit process
18 socket net domain:enumflags32/dec/socket_families type:uint32/dec proto:uint32/dec
20 bind net fd:fd/dec
22 connect net fd:fd/dec addr:sockaddr
24 listen net fd:fd/dec backlog:int32/dec
26 accept net
27 accept net fd:fd/dec tuple:socktuple queuepct:uint8/dec
28 send io_write fd:fd/dec size:uint32/dec
30 sendto io_write fd:fd/dec size:uint32/dec tuple:socktuple
32 recv io_read fd:fd/dec size:uint32/dec
34 recvfrom io_read fd:fd/dec size:uint32/dec
36 shutdown net fd:fd/dec how:enumflags8/hex/shutdown_how
38 getsockname net
40 getpeername net
42 socketpair ipc domain:enumflags32/dec/socket_families type:uint32/dec proto:uint32/dec
44 setsockopt net
46 getsockopt net
48 sendmsg io_write fd:fd/dec size:uint32/dec tuple:socktuple
50 sendmmsg io_write
52 recvmsg io_read fd:fd/dec
54 recvmmsg io_read
56 accept net flags:int32/hex
57 accept net fd:fd/dec tuple:socktuple queuepct:uint8/dec
58 creat file name:fspath mode:uint32/oct
60 pipe ipc
62 eventfd ipc initval:uint64/dec flags:uint32/hex
64 futex ipc addr:uint64/hex op:enumflags16/hex/futex_operations val:uint64/dec
66 stat file
68 lstat file
70 fstat file fd:fd
72 stat64 file
74 lstat64 file
76 fstat64 file fd:fd
78 epoll_wait wait maxevents:errno/dec
80 poll wait fds:fdlist/dec timeout:int64/dec
82 select wait
84 select wait
85 select wait res:errno/dec
86 lseek file fd:fd/dec offset:uint64/dec whence:enumflags8/dec/lseek_whence
88 llseek file fd:fd/dec offset:uint64/dec whence:enumflags8/dec/lseek_whence
90 ioctl io_other fd:fd/dec request:uint64/hex
91 ioctl io_other res:errno/dec
92 getcwd file
94 chdir file
96 fchdir file fd:fd
98 mkdir file path:fspath mode:uint32/hex
99 mkdir file res:errno/dec
100 rmdir file path:fspath
101 rmdir file res:errno/dec
102 openat file dirfd:fd/dec name:charbuf flags:flags32/hex/file_flags mode:uint32/oct
103 openat file fd:fd/dec
104 link file oldpath:fspath newpath:fspath
105 link file res:errno/dec
106 linkat file olddir:fd/dec oldpath:charbuf newdir:fd/dec newpath:charbuf
107 linkat file res:errno/dec
108 unlink file path:fspath
109 unlink file res:errno/dec
110 unlinkat file dirfd:fd/dec name:charbuf
111 unlinkat file res:errno/dec
112 pread io_read fd:fd/dec size:uint32/dec pos:uint64/dec
114 pwrite io_write fd:fd/dec size:uint32/dec pos:uint64/dec
116 readv io_read fd:fd/dec
118 writev io_write fd:fd/dec size:uint32/dec
120 preadv io_read fd:fd/dec pos:uint64/dec
122 pwritev io_write fd:fd/dec size:uint32/dec pos:uint64/dec
124 dup io_other fd:fd/dec
125 dup io_other res:fd/dec
126 signalfd signal fd:fd/dec mask:uint32/hex flags:uint8/hex
128 kill signal pid:pid/dec sig:sigtype/dec
130 tkill signal tid:pid/dec sig:sigtype/dec
132 tgkill signal pid:pid/dec tid:pid/dec sig:sigtype/dec
134 nanosleep sleep interval:reltime/dec
136 timerfd_create time clockid:uint8/dec flags:uint8/hex
138 inotify_init ipc flags:uint8/hex
140 getrlimit process resource:enumflags8/dec/rlimit_resources
142 setrlimit process resource:enumflags8/dec/rlimit_resources
144 prlimit process pid:pid/dec resource:enumflags8/dec/rlimit_resources
146 switch scheduler next:pid/dec
150 fcntl io_other fd:fd/dec cmd:enumflags8/dec/fcntl_commands
154 execve process
155 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec
156 clone process
157 clone process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
158 brk memory addr:uint64/hex
160 mmap memory addr:uint64/hex length:uint64/dec prot:flags32/hex/prot_flags flags:flags32/hex/mmap_flags fd:fd/dec offset:uint64/dec
162 mmap2 memory addr:uint64/hex length:uint64/dec prot:flags32/hex/prot_flags flags:flags32/hex/mmap_flags fd:fd/dec pgoffset:uint64/dec
164 munmap memory addr:uint64/hex length:uint64/dec
166 splice io_other fd_in:fd/dec fd_out:fd/dec size:uint64/dec flags:flags32/hex/splice_flags
168 ptrace process request:enumflags16/dec/ptrace_requests pid:pid/dec
170 ioctl io_other fd:fd/dec request:uint64/hex argument:uint64/hex
172 execve process
173 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec env:bytebuf
174 rename file
176 renameat file
178 symlink file
180 symlinkat file
182 fork process
183 fork process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
184 vfork process
185 vfork process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
188 sendfile io_write out_fd:fd/dec in_fd:fd/dec offset:uint64/dec size:uint64/dec
190 quotactl user cmd:flags16/dec/quotactl_cmds type:flags8/dec/quotactl_types id:uint32/dec quota_fmt:flags8/dec/quotactl_quota_fmts
192 setresuid user ruid:uid/dec euid:uid/dec suid:uid/dec
194 setresgid user rgid:gid/dec egid:gid/dec sgid:gid/dec
198 setuid user uid:uid/dec
200 setgid user gid:gid/dec
202 getuid user
204 geteuid user
206 getgid user
208 getegid user
210 getresuid user
212 getresgid user
214 execve process
215 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf env:bytebuf
216 clone process
217 clone process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
218 fork process
219 fork process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
220 vfork process
221 vfork process res:pid/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:int64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf flags:flags32/hex/clone_flags uid:uint32/dec gid:uint32/dec
222 clone process
224 fork process
226 vfork process
228 container internal id:charbuf type:uint32/dec name:charbuf image:charbuf
230 execve process
231 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf cgroups:bytebuf env:bytebuf
236 getdents file fd:fd
238 getdents64 file fd:fd
240 setns process fd:fd nstype:flags32/hex/clone_flags
242 flock file fd:fd operation:flags32/hex/flock_flags
246 accept net
248 accept net flags:int32/hex
249 accept net fd:fd/dec tuple:socktuple queuepct:uint8/dec queuelen:uint32/dec queuemax:uint32/dec
250 semop process semid:int32/dec
252 semctl process semid:int32/dec semnum:int32/dec cmd:flags16/hex/semctl_commands val:int32/dec
254 ppoll wait fds:fdlist/dec timeout:reltime/dec sigmask:sigset/dec
256 mount file flags:flags32/hex/mount_flags
258 umount file flags:flags32/hex/umount_flags
259 umount file res:errno/dec name:fspath
260 k8s internal json:charbuf
262 semget process key:int32/hex nsems:int32/dec semflg:flags32/hex/semget_flags
264 access file mode:flags32/hex/access_flags
266 chroot process
268 tracer other id:int64/dec tags:charbufarray args:charbuf_pair_array
270 mesos internal json:charbuf
272 container process json:charbuf
274 setsid process
276 mkdir file mode:uint32/hex
278 rmdir file
282 execve process
283 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf cgroups:bytebuf env:bytebuf tty:int32/dec
284 unshare process flags:flags32/hex/clone_flags
288 execve process filename:fspath
289 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf cgroups:bytebuf env:bytebuf tty:int32/dec
292 execve process filename:fspath
294 setpgid process pid:pid/dec pgid:pid/dec
296 bpf other cmd:int64/dec
297 bpf other res_or_fd:dyn/dec/bpf_dynamic_param
298 seccomp other op:uint64/dec flags:uint64/hex
300 unlink file
302 unlinkat file
304 mkdirat file
306 openat file dirfd:fd/dec name:fsrelpath/na@0 flags:flags32/hex/file_flags mode:uint32/oct
308 link file
310 linkat file
312 fchmodat file
314 chmod file
316 fchmod file
318 renameat2 file
320 userfaultfd file
326 openat2 file dirfd:fd/dec name:fsrelpath/na@0 flags:flags32/hex/file_flags mode:uint32/oct resolve:flags32/hex/openat2_flags
328 mprotect memory addr:uint64/hex length:uint64/dec prot:flags32/hex/prot_flags
330 execveat process dirfd:fd/dec pathname:fsrelpath/na@0 flags:flags32/hex/execveat_flags
332 copy_file_range file fdin:fd/dec offin:uint64/dec len:uint64/dec
334 clone3 process
336 open_by_handle_at file
338 io_uring_setup io_other
340 io_uring_enter io_other
342 io_uring_register io_other
344 mlock memory
346 munlock memory
348 mlockall memory
350 munlockall memory
352 capset process
362 dup2 io_other fd:fd/dec
364 dup3 io_other fd:fd/dec
366 dup io_other fd:fd/dec
368 bpf other cmd:int64/dec
370 mlock2 memory
372 fsconfig system
374 epoll_create wait size:int32/dec
376 epoll_create1 wait flags:flags32/hex/epoll_create1_flags
378 chown file
380 lchown file
382 fchown file
384 fchownat file
386 umount file
388 accept4 net flags:int32/hex
390 umount2 file flags:flags32/hex/umount_flags
392 pipe2 ipc
394 inotify_init1 ipc
396 eventfd2 ipc initval:uint64/dec
398 signalfd4 signal fd:fd/dec mask:uint32/hex
400 prctl process
404 memfd_create memory
406 pidfd_getfd process
408 pidfd_open process
410 init_module other
412 finit_module other
414 mknod other
416 mknodat other
418 newfstatat file
420 process_vm_readv ipc
422 process_vm_writev ipc
424 delete_module other
426 setreuid user
428 setregid user
`

/** Current exit events as recorded by older producers, with no more parameters than these. */
export const EARLIER = `
293 execve process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf cgroups:bytebuf env:bytebuf tty:uint32/dec pgid:pid/dec loginuid:uid/dec flags:flags32/hex/execve_flags cap_inheritable:uint64/hex cap_permitted:uint64/hex cap_effective:uint64/hex exe_ino:uint64/dec exe_ino_ctime:abstime/dec exe_ino_mtime:abstime/dec uid:uid/dec trusted_exepath:fspath
295 setpgid process res:pid/dec
331 execveat process res:errno/dec exe:charbuf args:bytebuf tid:pid/dec pid:pid/dec ptid:pid/dec cwd:charbuf fdlimit:uint64/dec pgft_maj:uint64/dec pgft_min:uint64/dec vm_size:uint32/dec vm_rss:uint32/dec vm_swap:uint32/dec comm:charbuf cgroups:bytebuf env:bytebuf tty:uint32/dec pgid:pid/dec loginuid:uid/dec flags:flags32/hex/execve_flags cap_inheritable:uint64/hex cap_permitted:uint64/hex cap_effective:uint64/hex exe_ino:uint64/dec exe_ino_ctime:abstime/dec exe_ino_mtime:abstime/dec uid:uid/dec trusted_exepath:fspath
`
