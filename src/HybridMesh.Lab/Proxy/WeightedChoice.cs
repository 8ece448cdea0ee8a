namespace HybridMesh.Lab;

/// <summary>Items with weights that are proportions of their sum, chosen by a draw from [0, 1).</summary>
internal sealed class WeightedChoice<T>
{
    private readonly T[] _items;
    private readonly long[] _cumulative;

    /// <summary>Makes a choice; the weights are not negative and at least one is positive.</summary>
    public WeightedChoice(IEnumerable<(T Item, int Weight)> items)
    {
        (T Item, int Weight)[] all = [.. items];
        _items = Array.ConvertAll(all, pair => pair.Item);
        _cumulative = new long[all.Length];
        long sum = 0;
        for (int index = 0; index < all.Length; index++)
        {
            _cumulative[index] = sum += all[index].Weight;
        }

        if (sum <= 0)
        {
            throw new ArgumentException("The weights sum to zero.", nameof(items));
        }
    }

    public IReadOnlyList<T> Items => _items;

    public T Pick(double draw)
    {
        if (_items.Length == 1)
        {
            return _items[0];
        }

        double mark = draw * _cumulative[^1];
        int index = 0;
        while (_cumulative[index] <= mark)
        {
            index++;
        }

        return _items[index];
    }

    public T PickEvenly(double draw) => _items[(int)(draw * _items.Length)];
}
