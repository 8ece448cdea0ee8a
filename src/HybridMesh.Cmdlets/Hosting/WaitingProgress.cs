namespace HybridMesh.Cmdlets;

/// <summary>
/// Progress of work that can't tell how far it is: once it has taken a second, the step under way. Stays away when the
/// work shows progress of its own; always ended.
/// </summary>
internal sealed class WaitingProgress : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PipelineWriter _writer;
    private readonly string _activity;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private string? _shown;
    private bool _ended;

    public WaitingProgress(PipelineWriter writer, TimeProvider clock, string activity)
    {
        _writer = writer;
        _activity = activity;
        _timer = clock.CreateTimer(_ => Show(), null, Patience, Patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _ended = true;
            if (_shown is not null)
            {
                Write("Done", 100);
            }
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            string step = _writer.Step.Length == 0 ? "Working" : _writer.Step;
            // Only news: a prompt that waits for its user must not be followed by a heap of records.
            if (!_ended && !_writer.ShowsProgress && step != _shown)
            {
                _shown = step;
                Write(step, -1);
            }
        }
    }

    private void Write(string status, int percent)
    {
        try
        {
            _writer.WriteProgress(_activity, status, percent);
        }
        catch (OperationCanceledException)
        {
            // The pipeline ended first; its progress bar went with it.
        }
    }
}
