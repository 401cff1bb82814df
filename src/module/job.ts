/** Where results of background tasks lie on a host, one file each, named after the job: Ansible's place for them. */
export const jobsDirectory = '~/.ansible_async';
