namespace HybridMesh.Shell;

/// <summary>What the process ends with, besides a script's own <c>exit N</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A terminating error, or a command that failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 64;

    /// <summary>Ctrl+C: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
