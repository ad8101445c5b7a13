using GpuNets.Kernels;

namespace GpuNets;

/// <content>
/// Functions of two tensors with NumPy broadcasting: shapes are aligned at their last axis, and an axis of size 1 is repeated. All throw
/// <see cref="ShapeException"/> where shapes do not fit and <see cref="DeviceMismatchException"/> where devices differ.
/// </content>
public partial class Tensor
{
    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => BinaryOp<Add>.Apply(left, right);

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor left, float right) => ParametricOp<AddScalar>.Apply(new AddScalar(right), left);

    /// <summary>a + b.</summary>
    public static Tensor operator +(float left, Tensor right) => right + left;

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => BinaryOp<Subtract>.Apply(left, right);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor left, float right) => left + -right;

    /// <summary>a - b.</summary>
    public static Tensor operator -(float left, Tensor right) => ParametricOp<SubtractFromScalar>.Apply(new SubtractFromScalar(left), right);

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor value) => value.Negate();

    /// <summary>a b, element by element.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => BinaryOp<Multiply>.Apply(left, right);

    /// <summary>a b.</summary>
    public static Tensor operator *(Tensor left, float right) => ParametricOp<MultiplyScalar>.Apply(new MultiplyScalar(right), left);

    /// <summary>a b.</summary>
    public static Tensor operator *(float left, Tensor right) => right * left;

    /// <summary>a / b, element by element.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => BinaryOp<Divide>.Apply(left, right);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor left, float right) => ParametricOp<DivideByScalar>.Apply(new DivideByScalar(right), left);

    /// <summary>a / b.</summary>
    public static Tensor operator /(float left, Tensor right) => ParametricOp<DivideScalar>.Apply(new DivideScalar(left), right);

    /// <summary>a + b; the method form of the operator.</summary>
    public Tensor Add(Tensor other) => this + other;

    /// <summary>a - b; the method form of the operator.</summary>
    public Tensor Subtract(Tensor other) => this - other;

    /// <summary>a b, element by element; the method form of the operator.</summary>
    public Tensor Multiply(Tensor other) => this * other;

    /// <summary>a / b, element by element; the method form of the operator.</summary>
    public Tensor Divide(Tensor other) => this / other;

    /// <summary>The larger of two values; NaN if either is. Where they are equal each gets half of the gradient.</summary>
    public Tensor Maximum(Tensor other) => BinaryOp<Maximum>.Apply(this, other);

    /// <summary>The smaller of two values; NaN if either is. Where they are equal each gets half of the gradient.</summary>
    public Tensor Minimum(Tensor other) => BinaryOp<Minimum>.Apply(this, other);
}
