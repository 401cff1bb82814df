import { component } from './component.ts';

component('kube-controller-manager', 10257);
