using System.Management.Automation;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What a probe does in one of its blocks.</summary>
public delegate Task ProbeBody(PipelineWriter writer, CancellationToken cancellationToken);

/// <summary>An asynchronous cmdlet whose blocks are given by the test.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Probe", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class InvokeProbeCommand : AsyncMeshCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter]
    public ProbeBody? AtBegin { get; set; }

    [Parameter]
    public ProbeBody? AtRecord { get; set; }

    [Parameter]
    public ProbeBody? AtEnd { get; set; }

    /// <summary>Completed when the engine has disposed the cmdlet.</summary>
    [Parameter]
    public TaskCompletionSource? Disposed { get; set; }

    protected override Task BeginAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        AtBegin?.Invoke(writer, cancellationToken) ?? Task.CompletedTask;

    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        AtRecord?.Invoke(writer, cancellationToken) ?? Task.CompletedTask;

    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        AtEnd?.Invoke(writer, cancellationToken) ?? Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Disposed?.TrySetResult();
    }
}
