namespace GpuNets.Kernels;

/// <summary>How a grid of groups covers a batch of products: X are tiles of C, Y products, Z parts of the sums.</summary>
internal struct GemmPart
{
    public int ColumnTiles, FirstProduct;

    /// <summary>The step of each operand that is not 1.</summary>
    public int StepA, StepB;

    /// <summary>Terms of a part of the sums, and elements from where its sums go to where those of the next part do.</summary>
    public int Terms, PartStep;
}
