/** A button that prints this page. @param {HTMLElement} button */
export default function print(button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
}
