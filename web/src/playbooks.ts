/** A script of its own, dist/playbooks.js: the page loads it when a playbook is first asked for. */
import { playbooks } from "virtual:playbooks";

globalThis.raftPlaybooks = playbooks;
