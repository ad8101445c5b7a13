namespace GpuNets;

public partial class Tensor
{
    /// <summary>
    /// Elements of an axis picked by index: the axes of the indices take the place of the axis. [V, D] with axis 0 and indices
    /// [B, T] gives [B, T, D].
    /// </summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="indices">Which elements; repeated ones get the sum of their gradients, added in a fixed order.</param>
    /// <exception cref="ShapeException">The axis or an index does not exist.</exception>
    /// <exception cref="DeviceMismatchException">The indices live on another device.</exception>
    public Tensor IndexSelect(int axis, IndexTensor indices) => IndexSelectOp.Apply("IndexSelect", this, axis, indices);

    /// <summary>
    /// An element of an axis for every index: y[i, j] = x[index[i, j], j] for axis 0, y[i, j] = x[i, index[i, j]] for axis 1.
    /// </summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="indices">As many axes as this tensor, and no longer on any other than <paramref name="axis"/>; the shape of the result.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or the axis or an index does not exist.</exception>
    /// <exception cref="DeviceMismatchException">The indices live on another device.</exception>
    public Tensor Gather(int axis, IndexTensor indices) => GatherOp.Apply(this, axis, indices);

    /// <summary>
    /// The k largest (or smallest) values of the last axis, sorted, and where they lie: [..., n] gives twice [..., k]. NaN counts as larger
    /// than all numbers; of equal values the one with the lower index comes first. Gradients go to the selected elements.
    /// </summary>
    /// <param name="k">How many, 0 to n.</param>
    /// <param name="largest">The largest, in descending order; else the smallest, in ascending order.</param>
    /// <exception cref="ShapeException">There are not that many values.</exception>
    public TopKResult TopK(int k, bool largest = true) => TopKOp.Apply(this, k, largest);
}
