namespace HybridMesh.Core;

/// <summary>One item of a list of VMs, as it was written.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Values">Text, or a dictionary of texts for Labels, by property name.</param>
/// <param name="Problem">Why the values can't be told apart, with the remedy; null when they can.</param>
public sealed record InventoryRow(int Line, IReadOnlyDictionary<string, object?> Values, string? Problem = null);

/// <summary>A notation of lists of VMs.</summary>
public interface IInventoryFormat
{
    /// <summary>Reads the items of a text.</summary>
    /// <exception cref="InventoryFormatException">When the text is not of this notation.</exception>
    IEnumerable<InventoryRow> Read(string text);
}

/// <summary>A list of VMs whose notation is broken, so that its rows can't be told apart.</summary>
public sealed class InventoryFormatException : Exception
{
    /// <summary>Makes a failure.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="message">What is wrong there, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public InventoryFormatException(int line, string message, Exception? innerException = null)
        : base(message, innerException) => Line = line;

    /// <summary>The line, from 1.</summary>
    public int Line { get; }
}
