using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Get-MeshDrift</c>: what mesh and VMs disagree on, each with the command that mends it. Nothing is changed.
/// </summary>
[Cmdlet(VerbsCommon.Get, "MeshDrift")]
[OutputType(typeof(MeshDrift))]
public sealed class GetMeshDriftCommand : AppVersionCmdlet
{
    // VMs by the namespace bound to them; the empty one is the connection's.
    private readonly Dictionary<string, List<VmRequest<AppVersionQuery?>>> _requests = new(StringComparer.Ordinal);

    /// <summary>The service whose VMs are compared. The default is every WorkloadEntry of the namespace.</summary>
    [Parameter(Position = 0)]
    [PlainText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string? ServiceName { get; set; }

    /// <summary>
    /// All the VMs there are, so that entries of others are noticed. Without any, the mesh is looked at alone.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [MeshVmTransform]
    public MeshVm[]? Vm { get; set; }

    /// <summary>
    /// How long before its end a token or certificate is a finding: seconds, or a text such as <c>1h</c>. The default
    /// is 10 minutes.
    /// </summary>
    [Parameter]
    [PlainText]
    [DurationTransform]
    public TimeSpan ExpiresWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        AppVersionQuery? app = AppQuery();
        if (!_requests.TryGetValue(Namespace ?? "", out List<VmRequest<AppVersionQuery?>>? requests))
        {
            _requests[Namespace ?? ""] = requests = [];
        }

        requests.AddRange((Vm ?? []).Select(vm => new VmRequest<AppVersionQuery?>(vm, app)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        foreach ((string ns, List<VmRequest<AppVersionQuery?>> requests) in _requests)
        {
            await CompareAsync(writer, session, ns, VmRequest.PerVm(requests), cancellationToken);
        }
    }

    private async Task CompareAsync(
        PipelineWriter writer, MeshSession session, string ns,
        IReadOnlyList<VmRequest<IReadOnlyList<AppVersionQuery?>>> requests, CancellationToken cancellationToken)
    {
        DriftRequest request = new()
        {
            Namespace = ns.Length > 0 ? ns : session.Connection.Namespace,
            ServiceName = ServiceName,
            Vms = [.. requests.Select(item => item.Vm)],
            ExpiresWithin = ExpiresWithin,
        };
        DriftFinder finder = await DriftFinder.OpenAsync(
            session, request, Runtime.Clock, writer.Verbose, cancellationToken);
        await WriteAllAsync(writer, finder.FindInMesh());
        await FanOutAsync(
            writer, requests, "Comparing VMs with the mesh",
            (turn, apps, token) => finder.FindOnVmAsync(turn.Shell, apps[0], token), cancellationToken);
        await WriteAllAsync(writer, finder.FindOfSilentVms());
    }

    private static async Task WriteAllAsync(PipelineWriter writer, IEnumerable<MeshDrift> drifts)
    {
        foreach (MeshDrift drift in drifts)
        {
            await writer.WriteAsync(drift);
        }
    }
}
