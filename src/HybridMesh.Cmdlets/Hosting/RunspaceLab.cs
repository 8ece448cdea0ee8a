using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>The practice lab as one runspace knows it: the one it started, else the default folder's.</summary>
internal sealed class RunspaceLab
{
    private MeshLab? _remembered;
    private bool _own;

    /// <summary>The lab's executable, staged next to the module's bin folder; tests set their own.</summary>
    public string Program { get; set; } = Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(typeof(RunspaceLab).Assembly.Location) ?? ".", "..", "lab", "HybridMesh.Lab.dll"));

    /// <summary>Starts a lab or takes the running one, and remembers it for this runspace.</summary>
    public async Task<MeshLab> StartAsync(
        LabRequest request, Action<string> log, Action<string> warn, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        MeshLab? before = await LabLauncher.FindAsync(request.Path, cancellationToken).ConfigureAwait(false);
        MeshLab lab = await new LabLauncher(Program, clock).StartAsync(request, log, cancellationToken)
            .ConfigureAwait(false);
        bool started = before?.ProcessId != lab.ProcessId && !lab.Detached;
        _own = started || (_own && _remembered?.ProcessId == lab.ProcessId);
        if (lab.ParentId is { } parent && parent != Environment.ProcessId && _remembered?.ProcessId != lab.ProcessId)
        {
            warn($"The lab in '{lab.Path}' was running already and ends with process {parent}, which started it. For a "
                + "lab of your own run Start-MeshLab -Path with another folder.");
        }

        _remembered = lab;
        return lab;
    }

    /// <summary>The running lab of a folder; without one, this runspace's, else the default folder's.</summary>
    /// <exception cref="MeshException">LabNotRunning.</exception>
    public Task<MeshLab> GetAsync(string? path, CancellationToken cancellationToken) =>
        LabLauncher.GetAsync(path ?? _remembered?.Path, cancellationToken);

    /// <summary>As <see cref="GetAsync"/>, null when none is running.</summary>
    public Task<MeshLab?> FindAsync(string? path, CancellationToken cancellationToken) =>
        LabLauncher.FindAsync(path ?? _remembered?.Path, cancellationToken);

    /// <summary>The folder such a lab would be in.</summary>
    public string FolderOf(string? path) => LabFolder.Resolve(path ?? _remembered?.Path);

    /// <summary>Ends a lab.</summary>
    public async Task StopAsync(MeshLab lab, TimeProvider clock, CancellationToken cancellationToken)
    {
        await new LabLauncher(Program, clock).StopAsync(lab, cancellationToken).ConfigureAwait(false);
        if (_remembered?.Path == lab.Path)
        {
            _remembered = null;
            _own = false;
        }
    }

    /// <summary>Ends the lab this runspace started, unless it was detached.</summary>
    public Task CloseAsync(TimeProvider clock) =>
        _own && _remembered is { } lab ? StopAsync(lab, clock, CancellationToken.None) : Task.CompletedTask;
}
