namespace GpuNets.Training;

/// <summary>A matrix as a picture: one column a time step, one row a channel.</summary>
public sealed class MatrixPanel
{
    /// <summary>Takes a matrix in time-major order.</summary>
    /// <param name="title">Heading of the panel.</param>
    /// <param name="values">Values [steps, rows], row-major; NaN is drawn pale red.</param>
    /// <param name="steps">Number of time steps (columns of the picture).</param>
    /// <param name="rows">Number of channels (rows of the picture), the first on top.</param>
    /// <exception cref="ArgumentException">The sizes do not hold the values.</exception>
    public MatrixPanel(string title, IReadOnlyList<float> values, int steps, int rows)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (steps < 1 || rows < 1 || (long)steps * rows != values.Count)
            throw new ArgumentException($"Panel {title}: {steps} steps of {rows} rows do not hold {values.Count} values.");
        Title = title;
        Values = values;
        Steps = steps;
        Rows = rows;
    }

    /// <summary>Heading of the panel.</summary>
    public string Title { get; }

    /// <summary>Values [steps, rows], row-major.</summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>Number of time steps.</summary>
    public int Steps { get; }

    /// <summary>Number of channels.</summary>
    public int Rows { get; }

    /// <summary>The value drawn black; null takes the smallest of the panel.</summary>
    public float? Black { get; init; }

    /// <summary>The value drawn white; null takes the largest of the panel.</summary>
    public float? White { get; init; }
}
