using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Test-MeshPath</c>: sends a request from here, from VMs or from a pod, and names the stage that fails.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "MeshPath")]
[OutputType(typeof(MeshPath))]
public sealed class TestMeshPathCommand : RemoteCmdlet
{
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(10);

    private readonly List<VmRequest<PathRequest>> _fromVms = [];
    private readonly List<PathRequest> _fromPod = [];
    private readonly List<PathRequest> _fromHere = [];

    /// <summary>The URL to ask for; a script block makes one of each object of the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri Uri { get; set; } = null!;

    /// <summary>
    /// The VMs to send from: objects of Import-MeshVm, or anything that describes a VM. With -FromPod the pipeline's
    /// objects only fill -Uri.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [MeshVmTransform]
    public MeshVm[]? FromVm { get; set; }

    /// <summary>The pod to send from: its name, or a label such as <c>app=hello1-deploy</c>.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FromPodCompleter))]
    public string? FromPod { get; set; }

    /// <summary>The pod's container. The default is the pod's default one that is no sidecar.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? Container { get; set; }

    /// <summary>The versions expected hop by hop; <c>*</c> stands for any.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string[]? ExpectChain { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(Math.Max(1, TimeoutSec / 2));
        PathRequest request = new(Uri, ExpectChain, timeout < LongestRequest ? timeout : LongestRequest);
        request.Validate();
        if (FromPod is not null)
        {
            _fromPod.Add(request);
        }
        else if (FromVm is { Length: > 0 } vms)
        {
            _fromVms.AddRange(vms.Select(vm => new VmRequest<PathRequest>(vm, request)));
        }
        else
        {
            _fromHere.Add(request);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (_fromHere.Count + _fromVms.Count + _fromPod.Count == 0)
        {
            return;
        }

        // A path can be tested without a mesh, so that none is opened for it; only pods need one.
        MeshSession? session = FromPod is not null || Connection is not null
            ? await GetSessionAsync(writer, cancellationToken)
            : Runtime.Current;
        string? ns = session is null ? null : NamespaceIn(session);
        PathTest test = new(new PathContext(session, ns, writer.Warning, cancellationToken), Runtime.Clock);
        await FanOutAsync<PathRequest, MeshPath>(
            writer, _fromVms, "Testing paths", async (turn, request, token) =>
            {
                writer.Verbose($"VM {turn.Shell.Vm}: GET {request.Uri}.");
                return [await test.RunAsync(turn.Shell, request, token)];
            }, cancellationToken);
        await RunAsync(writer, _fromHere, "here", test.RunAsync, cancellationToken);
        if (_fromPod.Count > 0)
        {
            PodOrigin origin = await PodOrigin.FindAsync(session!, ns!, FromPod!, Container, cancellationToken);
            await RunAsync(
                writer, _fromPod, $"pod {origin}", (request, token) => test.RunAsync(session!, origin, request, token),
                cancellationToken);
        }
    }

    private async Task RunAsync(
        PipelineWriter writer, List<PathRequest> requests, string from,
        Func<PathRequest, CancellationToken, Task<MeshPath>> run, CancellationToken cancellationToken)
    {
        await using FanOutProgress progress = new(writer, Runtime.Clock, "Testing paths", requests.Count);
        await foreach (FanOutResult<PathRequest, MeshPath> done in FanOut.RunInOrderAsync(
            requests, FanOutOptions, (request, token) =>
            {
                writer.Verbose($"From {from}: GET {request.Uri}.");
                return run(request, token);
            }, cancellationToken))
        {
            progress.Advance();
            await (done.Error is { } error
                ? writer.WriteErrorAsync(error, done.Item.Uri)
                : writer.WriteAsync(done.Result!));
        }
    }
}
