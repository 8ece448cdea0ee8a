using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Delivers a sidecar's files to a VM and starts it; all of it, or the VM stays as it was.</summary>
public static class SidecarInstaller
{
    private const int MaxAttempts = 20;

    /// <summary>Installs a sidecar, or what differs from the one that is there.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="request">What is to be installed.</param>
    /// <param name="clock">Tells whether a token has ended.</param>
    /// <param name="guard">Asks before anything is changed, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work; the VM then undoes by itself what was begun.</param>
    /// <returns>The sidecar; null when the change was not approved.</returns>
    public static async Task<VmSidecar?> InstallAsync(
        IRemoteShell shell, SidecarInstallRequest request, TimeProvider clock, ChangeGuard guard,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(guard);
        DateTimeOffset now = clock.GetUtcNow();
        ClusterEnvironment environment = SidecarConfigCheck.Check(request.Config, request.Method, shell.Vm, now);
        SidecarPlan plan = await PlanAsync(shell, request, environment, now, guard, cancellationToken)
            .ConfigureAwait(false);
        if (plan.IsEmpty)
        {
            return Result(shell.Vm, plan, environment, ChangeAction.Unchanged);
        }

        if (!await guard.Approve($"Sidecar of VM {shell.Vm}", plan.Describe()).ConfigureAwait(false))
        {
            return null;
        }

        ChangeAction action = plan.Survey.IsInstalled ? ChangeAction.Updated : ChangeAction.Created;
        SidecarAnswer answer = await ApplyAsync(shell, plan, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; answer.HostsFileChanged && attempt < MaxAttempts; attempt++)
        {
            // Another writer of /etc/hosts was faster: what we would write is worked out anew.
            plan = await PlanAsync(
                shell, request, environment, now, guard with { Warn = _ => { } }, cancellationToken)
                .ConfigureAwait(false);
            answer = await ApplyAsync(shell, plan, cancellationToken).ConfigureAwait(false);
        }

        answer.Check(shell, plan);
        return Result(shell.Vm, plan, environment, action) with { SidecarVersion = answer.Version ?? VersionOf(plan) };
    }

    private static async Task<SidecarPlan> PlanAsync(
        IRemoteShell shell, SidecarInstallRequest request, ClusterEnvironment environment, DateTimeOffset now,
        ChangeGuard guard, CancellationToken cancellationToken)
    {
        MeshVm vm = shell.Vm;
        SidecarLayout layout = SidecarLayout.Of(request.Config, request.Method);
        SidecarSurvey survey = await SidecarSurvey.TakeAsync(
            shell, layout.Targets.Select(target => target.Place), environment.Address ?? vm.Address, cancellationToken)
            .ConfigureAwait(false);
        SidecarVmCheck.Check(request, environment, vm, survey, guard);
        Container? container = request.Method == SidecarMethod.Container
            ? await FindContainerAsync(shell, cancellationToken).ConfigureAwait(false) : null;
        (HostsEdit? hosts, HostsFile file) = await HostsEdit
            .PlanAsync(shell, RecordsOf(request.Config, vm), cancellationToken).ConfigureAwait(false);
        SidecarVmCheck.WarnOfShadows(request.Config, environment, file, vm, guard);
        return SidecarPlan.Make(request, layout, environment, vm, survey, container, hosts, now);
    }

    private static async Task<Container?> FindContainerAsync(IRemoteShell shell, CancellationToken cancellationToken)
    {
        Container? found = await new ContainerRuntime(shell)
            .FindAsync(SidecarPlaces.Container, cancellationToken).ConfigureAwait(false);
        return found is { SidecarFingerprint: null }
            ? throw new MeshException(
                MeshErrorCode.Conflict,
                $"A container named '{SidecarPlaces.Container}' is on VM {shell.Vm} that was not started by "
                + $"Install-VmSidecar (image '{found.Image}', {found.State}). Remove it there: docker rm -f "
                + $"{SidecarPlaces.Container}.",
                shell.Vm)
            : found;
    }

    private static async Task<SidecarAnswer> ApplyAsync(
        IRemoteShell shell, SidecarPlan plan, CancellationToken cancellationToken)
    {
        StageFolder stage = await StageFolder.MakeAsync(shell, cancellationToken).ConfigureAwait(false);
        await using (stage.ConfigureAwait(false))
        {
            foreach (SidecarTarget target in plan.Due)
            {
                await SendAsync(target.StagedAs, target.Content).ConfigureAwait(false);
            }

            if (plan.HostsEdit is { } hosts)
            {
                await SendAsync("hosts", new SidecarFile("", hosts.Script).GetBytes()).ConfigureAwait(false);
                await SendAsync("hosts-undo", new SidecarFile("", hosts.Undo).GetBytes()).ConfigureAwait(false);
            }

            if (plan.Package is { Path: { } path })
            {
                using FileStream package = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                await stage.UploadAsync("package", package, cancellationToken).ConfigureAwait(false);
            }

            string script = SidecarInstallScript.Build(plan, stage.Path, plan.Request.Wait);
            return SidecarAnswer.Parse(
                await RootShell.RunAsync(shell, script, cancellationToken).ConfigureAwait(false));
        }

        async Task SendAsync(string name, byte[] content)
        {
            using MemoryStream stream = new(content);
            await stage.UploadAsync(name, stream, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<HostRecord> RecordsOf(VmSidecarConfig config, MeshVm vm)
    {
        if (config.Find(SidecarFileNames.Hosts) is not { } file)
        {
            return [];
        }

        try
        {
            return
            [
                .. from entry in HostsFile.Parse(file.GetBytes(), $"{file.Name} for VM {vm}").Entries
                   from name in entry.Names
                   select new HostRecord(name, entry.Address.ToString()),
            ];
        }
        catch (MeshException e)
        {
            throw SidecarConfigCheck.Invalid(vm, [$"{file.Name}: {e.Message}"]);
        }
    }

    private static string? VersionOf(SidecarPlan plan) =>
        plan.Request.Method == SidecarMethod.Container
            ? SidecarStatus.TagOf(plan.Request.Image) : plan.Survey.Facts.Version;

    private static VmSidecar Result(
        MeshVm vm, SidecarPlan plan, ClusterEnvironment environment, ChangeAction action)
    {
        VmSidecarConfig config = plan.Request.Config;
        TokenFacts? token = plan.KeepsToken
            ? plan.Survey.Facts.Token : TokenFacts.Read(config.Find(SidecarFileNames.Token)?.GetText());
        DateTimeOffset?[] ends = [.. new[] { SidecarFileNames.RootCert, SidecarFileNames.CertChain }
            .Select(name => CertificateFacts.Read(config.Find(name)?.GetText())?.Expires)];
        return new VmSidecar
        {
            Vm = vm,
            Namespace = environment.Env.Namespace ?? config.Namespace,
            ServiceAccount = environment.Env.ServiceAccount ?? config.ServiceAccount,
            WorkloadName = environment.Env.WorkloadName ?? config.WorkloadName,
            State = SidecarState.Ready,
            Method = plan.Request.Method,
            SidecarVersion = VersionOf(plan),
            TokenExpires = token?.Expires,
            TokenAudience = token?.Audience,
            CertificateExpires = ends.Min(),
            EnvVersion = environment.Env.Version,
            Action = action,
        };
    }
}
