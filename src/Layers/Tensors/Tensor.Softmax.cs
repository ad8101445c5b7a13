namespace GpuNets;

/// <content>Softmax and its logarithm.</content>
public partial class Tensor
{
    /// <summary>e^x / sum e^x along an axis: positive numbers that add up to 1.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public Tensor Softmax(int axis = -1) => SoftmaxOp.Apply(this, axis);

    /// <summary>The logarithm of <see cref="Softmax"/>, accurate where that is tiny.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public Tensor LogSoftmax(int axis = -1) => LogSoftmaxOp.Apply(this, axis);
}
