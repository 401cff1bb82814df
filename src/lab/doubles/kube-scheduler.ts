import { component } from './component.ts';

component('kube-scheduler', 10259);
