namespace HybridMesh.Core;

/// <summary>Takes a sidecar off a VM, so that the VM is as it was before Install-VmSidecar.</summary>
public static class SidecarRemover
{
    /// <summary>
    /// Stops the sidecar, takes its capture rules back, restores the files that were there before the first
    /// installation and deletes those it made, its host records, and the package when it was installed by us. A run
    /// that failed half-way can be repeated; where nothing of ours is, all is Unchanged.
    /// </summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="guard">Asks before anything is changed, naming all of it, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work; what was begun on the VM goes on to its end there.</param>
    /// <returns>
    /// The sidecar as it is now: Absent (or Stopped, where the package was there before us), and Removed or Unchanged;
    /// null when the change was not approved.
    /// </returns>
    public static async Task<VmSidecar?> RemoveAsync(
        IRemoteShell shell, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(guard);
        SidecarSurvey survey = await SidecarSurvey
            .TakeAsync(shell, [], shell.Vm.Address, cancellationToken).ConfigureAwait(false);
        if (!survey.IsInstalled && !survey.Unfinished)
        {
            WarnOfForeign(survey.Facts, guard);
            return survey.Facts.ToSidecar() with { Action = ChangeAction.Unchanged };
        }

        if (!await guard.Approve($"Sidecar of VM {shell.Vm}", Describe(survey)).ConfigureAwait(false))
        {
            return null;
        }

        // The names are in the record, which is there until all else is done.
        string[] hosts = [.. survey.Of("host")];
        if (hosts.Length > 0)
        {
            await VmHostRecords
                .RemoveAsync(shell, hosts, ChangeGuard.None, cancellationToken).ConfigureAwait(false);
        }

        CommandResult result = await RootShell
            .RunAsync(shell, SidecarRemoveScript.Text, cancellationToken).ConfigureAwait(false);
        SidecarAnswer answer = SidecarAnswer.Parse(result);
        answer.CheckRemoval(shell);
        if (answer.LeavesRules)
        {
            guard.Warn(
                $"VM {shell.Vm} still has iptables rules of Istio's (chains ISTIO_*), which could not be removed; "
                + "look at 'iptables-save' there.");
        }

        bool leavesPackage = !survey.Of("package").Any() && !survey.Of("container").Any();
        return new VmSidecar
        {
            Vm = shell.Vm,
            State = leavesPackage ? SidecarState.Stopped : SidecarState.Absent,
            Method = leavesPackage ? SidecarMethod.Package : null,
            Action = ChangeAction.Removed,
        };
    }

    private static void WarnOfForeign(SidecarFacts facts, ChangeGuard guard)
    {
        if (facts.State is SidecarState.Ready or SidecarState.NotReady)
        {
            guard.Warn($"VM {facts.Vm} runs a sidecar that Install-VmSidecar did not install; it was left alone.");
        }
    }

    private static string Describe(SidecarSurvey survey)
    {
        List<string> steps = ["stop the sidecar and take its capture rules back"];
        Add("put back", "file", " kept");
        // The agent's own files are written down before it has written them.
        Add("delete", "file", " new", isThere: place => !survey.IsGone(place));
        Add("delete", "dir", "", " where empty");
        Add("remove container", "container", "");
        Add("remove package", "package", "");
        Add("remove user", "user", "");
        Add("remove host record", "host", "");
        string text = string.Join("; ", steps);
        return char.ToUpperInvariant(text[0]) + text[1..];

        void Add(string verb, string kind, string end, string condition = "", Func<string, bool>? isThere = null)
        {
            string[] things = [.. survey.Of(kind).Where(thing => thing.EndsWith(end, StringComparison.Ordinal))
                .Select(thing => thing[..^end.Length]).Where(isThere ?? (_ => true))];
            if (things.Length > 0)
            {
                steps.Add($"{verb} {string.Join(", ", things)}{condition}");
            }
        }
    }
}
