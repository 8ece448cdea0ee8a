using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of cmdlets that wait for something: the body runs on a worker, and everything it writes is carried to the
/// pipeline's thread by a queue of actions, which that thread drains until the body has ended.
/// </summary>
public abstract class AsyncMeshCmdlet : MeshCmdlet
{
    /// <summary>Work before the first input object.</summary>
    protected virtual Task BeginAsync(PipelineWriter writer, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Work for one input object.</summary>
    protected virtual Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Work after the last input object.</summary>
    protected virtual Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether what was typed is bound; what is bound from now on comes from the pipeline.</summary>
    private protected bool HasBegun { get; private set; }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        HasBegun = true;
        Pump(BeginAsync);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Pump(ProcessRecordAsync);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Pump(EndAsync);

    private void Pump(Func<PipelineWriter, CancellationToken, Task> body)
    {
        _ = Runtime; // found here, on the pipeline's thread
        using BlockingCollection<Action> queue = [];
        PipelineWriter writer = new(this, queue, StopToken);
        Task worker = Task.Run(
            async () =>
            {
                WaitingProgress progress = new(writer, Runtime.Clock, MyInvocation.MyCommand.Name);
                try
                {
                    await body(writer, StopToken).ConfigureAwait(false);
                }
                finally
                {
                    progress.Dispose();
                    queue.CompleteAdding();
                }
            },
            CancellationToken.None);
        try
        {
            // We don't pass the stop token: the worker sees it and ends, so that none outlives its cmdlet.
            foreach (Action action in queue.GetConsumingEnumerable())
            {
                action();
            }
        }
        catch
        {
            // Downstream stopped, or -ErrorAction Stop: end the worker, whose own error no longer matters.
            CancelWork();
            queue.CompleteAdding();
            Observe(worker);
            throw;
        }

        Finish(worker);
    }

    private static void Observe(Task worker) => ((IAsyncResult)worker).AsyncWaitHandle.WaitOne();

    private void Finish(Task worker)
    {
        Observe(worker);
        if (worker.IsCompletedSuccessfully)
        {
            return;
        }

        if (worker.IsCanceled && StopToken.IsCancellationRequested)
        {
            return;
        }

        Exception cause = worker.Exception?.InnerException ?? new TaskCanceledException(worker);
        if (cause is OperationCanceledException && StopToken.IsCancellationRequested)
        {
            return;
        }

        if (cause is MeshException mesh)
        {
            Fail(mesh, target: null);
        }

        if (cause is PipelineStoppedException)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        ThrowTerminatingError(ErrorRecords.From(cause));
    }
}
