using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of every cmdlet: a token that Ctrl+C cancels, and errors by the house's table.</summary>
public abstract class MeshCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private MeshRuntime? _runtime;

    /// <summary>Cancelled by Ctrl+C or a pipeline that ends early.</summary>
    // PowerShellStandard has no PipelineStopToken; this can go when it does.
    protected CancellationToken StopToken => _stop.Token;

    /// <summary>
    /// The state of this runspace: connections and the adapters behind them. Found on the pipeline's thread, because
    /// a worker's thread has no runspace.
    /// </summary>
    internal MeshRuntime Runtime => _runtime ??= MeshRuntime.ForCurrentRunspace();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    /// <inheritdoc/>
    // Only cancels: it runs on another thread while the pipeline's thread may be needed by the worker.
    protected override void StopProcessing() => CancelWork();

    /// <summary>Cancels <see cref="StopToken"/>; harmless once disposed.</summary>
    private protected void CancelWork()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline ended between the user's Ctrl+C and this call.
        }
    }

    /// <summary>Ends the command with an error.</summary>
    protected void Fail(MeshException exception, object? target) =>
        ThrowTerminatingError(ErrorRecords.From(exception, target));

    /// <summary>The file system path of what the user typed, relative to where PowerShell is.</summary>
    private protected string ResolveFile(string path)
    {
        string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem"
            ? resolved
            : throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"'{path}' is a path of {provider.Name}; give one of the file system.",
                path);
    }
}
