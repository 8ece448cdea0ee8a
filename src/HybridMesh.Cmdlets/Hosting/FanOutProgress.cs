using System.Globalization;

namespace HybridMesh.Cmdlets;

/// <summary>Progress of work on many VMs: shown once it has taken a second, always ended.</summary>
internal sealed class FanOutProgress : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PipelineWriter _writer;
    private readonly string _activity;
    private readonly int _total;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private int _done;
    private bool _shown;
    private bool _ended;

    public FanOutProgress(PipelineWriter writer, TimeProvider clock, string activity, int total)
    {
        _writer = writer;
        _activity = activity;
        _total = total;
        writer.TakeProgress();
        _timer = clock.CreateTimer(_ => Show(), null, Patience, Patience);
    }

    /// <summary>One more VM is done.</summary>
    public void Advance() => Interlocked.Increment(ref _done);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _ended = true;
            if (_shown)
            {
                Write(100);
            }
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _shown = true;
                Write(Math.Min(99, 100 * Volatile.Read(ref _done) / Math.Max(1, _total)));
            }
        }
    }

    private void Write(int percent)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"{Volatile.Read(ref _done)} of {_total} VMs");
        try
        {
            _writer.Progress(_activity, status, percent);
        }
        catch (OperationCanceledException)
        {
            // The pipeline ended first; its progress bar went with it.
        }
    }
}
