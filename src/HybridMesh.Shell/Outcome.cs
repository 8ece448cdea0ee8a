namespace HybridMesh.Shell;

/// <summary>How a pipeline ended.</summary>
internal enum Outcome
{
    Success,

    /// <summary>It ran to its end, but its last statement failed.</summary>
    Failed,

    /// <summary>An error or Ctrl+C ended it.</summary>
    Terminated,
}
