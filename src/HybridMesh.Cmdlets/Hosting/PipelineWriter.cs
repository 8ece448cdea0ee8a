using System.Collections.Concurrent;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// What the body of an asynchronous cmdlet may do to the pipeline. Awaited calls return when the pipeline's thread has
/// done them, so a slow consumer slows the producer; the others only queue.
/// </summary>
public sealed class PipelineWriter : IChangeGate
{
    private readonly Cmdlet _cmdlet;
    private readonly BlockingCollection<Action> _queue;
    private readonly CancellationToken _stop;

    internal PipelineWriter(Cmdlet cmdlet, BlockingCollection<Action> queue, CancellationToken stop)
    {
        _cmdlet = cmdlet;
        _queue = queue;
        _stop = stop;
        WhatIf = IsWhatIf(cmdlet);
    }

    /// <inheritdoc/>
    public bool WhatIf { get; }

    /// <summary>The step under way, as -Verbose last told it.</summary>
    internal string Step { get; private set; } = "";

    /// <summary>Whether the body shows how far it is.</summary>
    internal bool ShowsProgress { get; private set; }

    /// <summary>Writes an object to the pipeline.</summary>
    public Task WriteAsync(object item) => OnPipelineThread(() => { _cmdlet.WriteObject(item); return true; });

    /// <summary>Writes a file as Get-Item gives it, with what its table shows.</summary>
    public Task WriteFileAsync(string path) => OnPipelineThread(() =>
    {
        _cmdlet.WriteObject(
            ((PSCmdlet)_cmdlet).InvokeProvider.Item.Get([path], force: true, literalPath: true),
            enumerateCollection: true);
        return true;
    });

    /// <summary>Writes a non-terminating error about an item.</summary>
    public Task WriteErrorAsync(MeshException exception, object? target) =>
        OnPipelineThread(() => { _cmdlet.WriteError(ErrorRecords.From(exception, target)); return true; });

    /// <summary>Asks by -WhatIf and -Confirm whether to go on.</summary>
    /// <param name="target">What would change, such as <c>WorkloadEntry ns/name on the control plane</c>.</param>
    /// <param name="action">What would be done to it.</param>
    public Task<bool> ShouldProcessAsync(string target, string action) =>
        OnPipelineThread(() => _cmdlet.ShouldProcess(target, action));

    /// <summary>Writes a warning: the user should act.</summary>
    public void Warning(string text) => Enqueue(() => _cmdlet.WriteWarning(text));

    /// <summary>Writes a decision or an endpoint for -Verbose.</summary>
    public void Verbose(string text)
    {
        Step = text;
        Enqueue(() => _cmdlet.WriteVerbose(text));
    }

    /// <summary>Shows progress; <paramref name="percent"/> 100 ends it, below zero means unknown.</summary>
    /// <remarks>The engine refuses a record without any status.</remarks>
    public void Progress(string activity, string status, int percent)
    {
        TakeProgress();
        WriteProgress(activity, status, percent);
    }

    /// <summary>Announces that the body shows how far it is, so that the general progress stays away.</summary>
    internal void TakeProgress() => ShowsProgress = true;

    /// <summary>Shows progress without announcing it as the body's own.</summary>
    internal void WriteProgress(string activity, string status, int percent) =>
        Enqueue(() => _cmdlet.WriteProgress(new ProgressRecord(0, activity, status.Length == 0 ? " " : status)
        {
            PercentComplete = Math.Min(percent, 100),
            RecordType = percent >= 100 ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        }));

    // The engine keeps its own flag to itself; the switch and the preference are what sets it.
    private static bool IsWhatIf(Cmdlet cmdlet) => cmdlet is PSCmdlet ps
        && (ps.MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
            ? given is SwitchParameter { IsPresent: true }
            : LanguagePrimitives.IsTrue(ps.GetVariableValue("WhatIfPreference")));

    private void Enqueue(Action action)
    {
        try
        {
            _queue.Add(action);
        }
        catch (InvalidOperationException e)
        {
            throw new OperationCanceledException("The pipeline has ended.", e, _stop);
        }
    }

    private async Task<T> OnPipelineThread<T>(Func<T> call)
    {
        // Asynchronous continuations: the worker must not go on inside the pipeline's thread.
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration =
            _stop.Register(() => done.TrySetCanceled(_stop), useSynchronizationContext: false);
        Enqueue(() =>
        {
            if (done.Task.IsCompleted)
            {
                return;
            }

            try
            {
                done.TrySetResult(call());
            }
            catch (Exception)
            {
                // The pipeline's own thread throws it on; here the worker only learns that it is over.
                done.TrySetCanceled(CancellationToken.None);
                throw;
            }
        });
        return await done.Task.ConfigureAwait(false);
    }
}
