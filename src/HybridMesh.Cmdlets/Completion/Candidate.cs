namespace HybridMesh.Cmdlets;

/// <summary>A value that may be completed.</summary>
/// <param name="Text">The value.</param>
/// <param name="State">Its state in one line, shown as the tooltip.</param>
internal sealed record Candidate(string Text, string State);
