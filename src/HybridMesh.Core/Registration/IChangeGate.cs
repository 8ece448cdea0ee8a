namespace HybridMesh.Core;

/// <summary>What a command that changes many objects asks and tells its user while it works.</summary>
public interface IChangeGate
{
    /// <summary>
    /// Whether nothing may be changed and every change is to be shown as the server's dry run tells it.
    /// </summary>
    bool WhatIf { get; }

    /// <summary>Whether a change may be made.</summary>
    /// <param name="target">The object: <c>WorkloadEntry ns/name on the control plane</c>.</param>
    /// <param name="action">The change: <c>version: v1 -> v2</c>.</param>
    Task<bool> ShouldProcessAsync(string target, string action);

    /// <summary>Tells of a failure that does not stop the rest.</summary>
    Task WriteErrorAsync(MeshException exception, object? target);

    /// <summary>Tells what the user should act on.</summary>
    void Warning(string text);

    /// <summary>Tells a decision or an endpoint.</summary>
    void Verbose(string text);

    /// <summary>Shows progress; 100 percent ends it.</summary>
    void Progress(string activity, string status, int percent);
}
