using System.Management.Automation;

namespace HybridMesh.Testing;

/// <summary>Everything a script wrote.</summary>
public sealed record ScriptRun
{
    /// <summary>The objects of the output stream.</summary>
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The error records, the terminating one last.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    /// <summary>
    /// The error that ended the script (throw, -ErrorAction Stop); null when none did. A cmdlet's own terminating error
    /// ends only its statement, as everywhere in PowerShell, and is the last of <see cref="Errors"/>.
    /// </summary>
    public required ErrorRecord? TerminatingError { get; init; }

    /// <summary>The warnings.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The verbose messages.</summary>
    public required IReadOnlyList<string> Verbose { get; init; }

    /// <summary>The progress records.</summary>
    public required IReadOnlyList<ProgressRecord> Progress { get; init; }

    /// <summary>What was rendered for the user, such as by Out-Host or -WhatIf.</summary>
    public required string HostText { get; init; }

    /// <summary>Completed, Failed (by a terminating error) or Stopped.</summary>
    public required PSInvocationState State { get; init; }

    /// <summary>From the start to the end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The output as objects of one type.</summary>
    public IReadOnlyList<T> OutputAs<T>() => [.. Output.Select(item => (T)item.BaseObject)];

    /// <summary>The error ids without the class name: <c>VmUnreachable</c>.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])];
}
