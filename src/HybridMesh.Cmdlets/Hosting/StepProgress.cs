namespace HybridMesh.Cmdlets;

/// <summary>Progress that its work reports: hidden for the first second, always ended.</summary>
internal sealed class StepProgress(PipelineWriter writer, string activity) : IAsyncDisposable
{
    private readonly long _start = Environment.TickCount64;
    private bool _shown;

    /// <summary>The part done, in percent, and a sentence.</summary>
    public void Report(int percent, string status)
    {
        if (Environment.TickCount64 - _start >= 1000)
        {
            _shown = true;
            writer.Progress(activity, status, Math.Min(percent, 99));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        try
        {
            if (_shown)
            {
                writer.Progress(activity, "Done", 100);
            }
        }
        catch (OperationCanceledException)
        {
            // The pipeline ended first; its progress bar went with it.
        }

        return ValueTask.CompletedTask;
    }
}
