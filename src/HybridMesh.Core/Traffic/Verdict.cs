namespace HybridMesh.Core;

/// <summary>What a measurement says about a split.</summary>
public enum Verdict
{
    /// <summary>
    /// The answers fit, but there are too few of them to notice a split that is wrong by the tolerance.
    /// </summary>
    Undecided,
    /// <summary>The answers fit, and there are enough of them.</summary>
    Consistent,
    /// <summary>The answers do not fit: chance alone explains them with a probability below Alpha.</summary>
    Inconsistent,
}
