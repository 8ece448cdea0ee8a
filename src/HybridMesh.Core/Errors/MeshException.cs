namespace HybridMesh.Core;

/// <summary>
/// A failure with a stable <see cref="Code"/>; its message says what failed, on what, and what to do.
/// </summary>
public sealed class MeshException : Exception
{
    /// <summary>Makes a failure.</summary>
    /// <param name="code">The condition; its name becomes the ErrorId.</param>
    /// <param name="message">What failed, on what, and the remedy. Never a secret.</param>
    /// <param name="target">What the user typed or piped, when the thrower knows it.</param>
    /// <param name="innerException">The cause, kept for the curious.</param>
    public MeshException(MeshErrorCode code, string message, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        ErrorTarget = target;
    }

    /// <summary>The condition.</summary>
    public MeshErrorCode Code { get; }

    /// <summary>The object the failure is about, or null when only the caller knows it.</summary>
    public object? ErrorTarget { get; }
}
