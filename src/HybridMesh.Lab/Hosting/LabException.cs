namespace HybridMesh.Lab;

/// <summary>Why the lab can't go on, for the user; ends the program with <see cref="ExitCode"/>.</summary>
internal sealed class LabException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The exit code where the lab can't run at all.</summary>
    public const int Unsupported = 3;

    public int ExitCode => exitCode;
}
