using System.Management.Automation;

namespace HybridMesh.Shell;

/// <summary>Turns progress records into the screen's one line of progress.</summary>
internal sealed class ProgressLine(Screen screen, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(80);
    private long _lastShown;

    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            screen.ShowProgress(null);
            _lastShown = 0;
            return;
        }

        // Thousands of records a second are news to nobody, and a slow terminal would slow the work.
        long now = clock.GetTimestamp();
        if (_lastShown == 0 || clock.GetElapsedTime(_lastShown, now) >= Pause)
        {
            _lastShown = now;
            screen.ShowProgress(Text(record));
        }
    }

    private static string Text(ProgressRecord record)
    {
        string percent = record.PercentComplete >= 0 ? $" {record.PercentComplete,3}%" : "";
        return $"{record.Activity}:{percent} {record.StatusDescription}".ReplaceLineEndings(" ");
    }
}
